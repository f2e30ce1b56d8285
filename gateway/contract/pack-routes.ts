import { z } from 'zod';
import {
  allotmentConfirmationRequestSchema,
  allotmentSchema,
  batchRequestSchema,
  batchSchema,
  bookLineSchema,
  calibrationRequestSchema,
  calibrationSchema,
  deliveryRequestSchema,
  deliveryReturnRequestSchema,
  deliverySchema,
  drawRequestSchema,
  drawSchema,
  gaugeReadingRequestSchema,
  gaugeReadingSchema,
  originSchema,
  packSegmentSchema,
  resolutionRequestSchema,
  withdrawalRequestSchema,
  withdrawalSchema,
} from './pack-records.ts';
import { list, pageQuery, type Route, siteQuery, span } from './route.ts';

const json = 'application/json';

function listing<Path extends string, T extends z.ZodType>(path: Path, summary: string, item: T) {
  const query = pageQuery;
  return { method: 'get', path, summary, query, answer: list(item), media: json } as const;
}

function statement<Path extends string, Body extends z.ZodType, T extends z.ZodType>(
  path: Path,
  summary: string,
  body: Body,
  answer: T,
) {
  const made = { status: 201, query: siteQuery, media: json } as const;
  return { method: 'post', path, summary, body, answer, ...made } as const;
}

/** What people state about packs. A list is newest first; a statement is answered as the list shows it. */
export const packRecordRoutes = {
  gaugeReadings: listing('/packs/:id/gauge-readings', 'Gauges read by eye', gaugeReadingSchema),
  stateGaugeReading: statement(
    '/packs/:id/gauge-readings',
    'Enters a gauge read by eye',
    gaugeReadingRequestSchema,
    gaugeReadingSchema,
  ),
  deliveries: listing('/packs/:id/deliveries', 'Deliveries and their gas', deliverySchema),
  stateDelivery: statement(
    '/packs/:id/deliveries',
    'Confirms a delivery',
    deliveryRequestSchema,
    deliverySchema,
  ),
  stateReturn: statement(
    '/packs/:id/deliveries/:delivery/return',
    'Enters the state in which a pack came off the line',
    deliveryReturnRequestSchema,
    deliverySchema,
  ),
  segments: listing('/packs/:id/segments', 'Stretches with the same gas', packSegmentSchema),
  stateResolution: statement(
    '/packs/:id/segments/:at/resolution',
    'Says what happened before a segment',
    resolutionRequestSchema,
    packSegmentSchema,
  ),
  draws: listing('/packs/:id/draws', 'Declared draws', drawSchema),
  stateDraw: statement('/packs/:id/draws', 'Declares a draw', drawRequestSchema, drawSchema),
  batches: listing('/packs/:id/batches', 'Production batches and their kilograms', batchSchema),
  stateBatch: statement('/packs/:id/batches', 'Enters a batch', batchRequestSchema, batchSchema),
  calibrations: listing(
    '/packs/:id/calibrations',
    'Calibrations, those taken back included',
    calibrationSchema,
  ),
  stateCalibration: statement(
    '/packs/:id/calibrations',
    'Enters a calibration; history from its start on is computed anew',
    calibrationRequestSchema,
    calibrationSchema,
  ),
  stateWithdrawal: statement(
    '/packs/:id/withdrawals/:kind/:record',
    'Takes a record back, with the reason',
    withdrawalRequestSchema,
    withdrawalSchema,
  ),
  allotments: {
    method: 'get',
    path: '/allotments',
    summary: 'What each origin may supply, and what was drawn of it',
    query: siteQuery,
    answer: list(allotmentSchema),
    media: json,
  },
  confirmAllotment: statement(
    '/allotments/:origin/confirmation',
    'Says how an allotment is counted; a later confirmation takes the place of an earlier one',
    allotmentConfirmationRequestSchema,
    allotmentSchema,
  ),
  withdrawConfirmation: statement(
    '/allotments/:origin/withdrawal',
    'Takes the confirmation of an allotment back',
    withdrawalRequestSchema,
    withdrawalSchema,
  ),
  book: {
    method: 'get',
    path: '/book',
    summary: 'Receipt-and-issue book, oldest first; without a span the last 366 days',
    query: siteQuery.extend({
      ...span,
      origin: originSchema.optional(),
      format: z.enum(['json', 'csv', 'html']).default('json'),
    }),
    answer: list(bookLineSchema),
    media: json,
    otherMedia: ['text/csv', 'text/html'],
  },
} as const satisfies Record<string, Route>;
