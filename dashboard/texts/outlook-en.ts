import type { outlookJa } from './outlook-ja.ts';

export const outlookEn: typeof outlookJa = {
  title: 'Outlook',
  stop: 'Stop pressure reached at',
  stopAround: (date) => (date === '' ? 'approx.' : `approx. (${date})`),
  stopHours: (hours, low, high) => `in ${hours} h (${low} to ${high})`,
  stopBasis: (hours, pace) => `if the mean of the past ${hours} h, ${pace} kg/h, goes on`,
  stopBasisMinutes: (minutes, pace) =>
    `if the mean of the past ${minutes} min, ${pace} kg/h, goes on`,
  stopUnknown: 'Unknown',
  stopWhy: {
    'not-significant': 'Nothing is drawn, so nothing is predicted.',
    calculating: 'Predicted once the consumption is known.',
    unknown: 'The consumption is not known, so nothing is predicted.',
  },
  stopReached: 'Stop pressure reached',
  stopAt: (moment) => (moment === undefined ? 'No stop predicted' : `Stop at about ${moment}`),
  consumption: 'Consumption',
  window: (minutes) => `from the mass over the past ${minutes} min`,
  metered: 'by the flow meter',
  say: {
    calculating: 'Calculating',
    'not-significant': 'No measurable use',
    unknown: 'Unknown',
  },
  explain: {
    calculating: 'Hydrogen is being drawn. No number before its uncertainty is below 10 %.',
    'not-significant': 'Within the uncertainty of the measurement.',
    unknown: 'There is no value to compute it from.',
  },
  drawnDelivery: 'Drawn of this delivery',
  drawnSegment: 'Drawn of what is in it now',
  drawnUnknown: 'Not computed: a change is waiting for a person.',
  since: (moment) => `since ${moment}`,
  origin: (origin) =>
    origin === 'tokyo' ? 'Tokyo' : origin === 'yamanashi' ? 'Yamanashi' : origin,
};
