import type { Words } from './words.ts';

export const en: Words = {
  title: 'The first hour',
  titleMore: 'Adding a pack or a meter',
  lead: 'What the file gateway.yaml names appears on this page. Go on in this order.',
  steps: {
    need: '1. What is needed',
    found: '2. What was found',
    write: '3. Write it into gateway.yaml',
    basis: '4. What a figure is based on',
  },
  needPack: {
    title: 'For a pack',
    items: [
      'the number of cylinders and the litres of each (stamped on them, or in the delivery papers)',
      'a measuring device with a pressure transmitter and a thermometer. Without one, people can enter what the gauge shows (leave the line `device` out)',
      'the filling pressure, if it is not 19.6 MPa (fillingPressureMpa)',
    ],
  },
  needMeter: {
    title: 'For a meter',
    items: [
      'an energy meter on a measuring device by pulses, Modbus or ECHONET Lite. Without one, people can enter what its display shows',
      'the end of its verification mark, if it is to be evidence for credits',
    ],
  },
  none: 'Nothing has come from a measuring device yet. Point mqtt.url in its configuration at this gateway and start it: it then appears here.',
  failed: 'The state of the gateway cannot be read. Trying again every 5 seconds.',
  device: (site, device) => `Measuring device ${site} / ${device}`,
  states: {
    online: 'online',
    offline: 'switched off',
    lost: 'connection lost',
    silent: 'silent',
    unknown: 'not heard yet',
  },
  asset: (asset, quantities) => `${asset} (${quantities}) is not in the configuration`,
  quantities: new Map([
    ['pressure', 'pressure'],
    ['temperature', 'temperature'],
    ['flow', 'flow'],
    ['drawn', 'drawn'],
    ['power', 'power'],
    ['generated', 'generated'],
    ['exported', 'exported'],
    ['imported', 'imported'],
    ['consumed', 'consumed'],
    ['auxiliary', 'auxiliary'],
    ['charged', 'charged'],
    ['discharged', 'discharged'],
  ]),
  write:
    'Write these lines, put in the real numbers, and restart the gateway. Where sites stand there already, add to them. Mistakes are named at the start, with their place and reason. What was measured until then is not lost.',
  copy: 'Copy',
  copied: 'Copied',
  basis:
    'Kilograms follow from pressure, temperature and volume by the equation of state of hydrogen (NIST 2008); ± is the expanded uncertainty (k = 2). What the configuration does not say is assumed at its worst, and shown with the pack:',
  naming: {
    pack: 'Pack ',
    generator: 'Roof PV',
    meter: 'Grid connection',
    cylinders: 'number of cylinders',
    litres: 'litres of each',
    kind: 'pv, or fuel-cell',
  },
};
