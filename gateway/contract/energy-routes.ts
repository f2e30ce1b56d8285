import { z } from 'zod';
import {
  correctionRequestSchema,
  correctionSchema,
  energyIntervalSchema,
  meterReadingRequestSchema,
  meterReadingSchema,
  meterReadingsTakenSchema,
  meterSchema,
  registerEventSchema,
  registerResolutionRequestSchema,
  siteEnergySchema,
} from './energy.ts';
import { generatorSchema } from './generator.ts';
import { purposeQuery } from './programme-routes.ts';
import { intervalPage, list, pageQuery, type Route, span } from './route.ts';

const json = 'application/json';
const meter = z.string().meta({ description: '{site}/{asset}/{quantity}' });
const ofMeter = pageQuery.omit({ site: true }).extend({ meter });

/** What registers counted, and what people say of it. */
export const energyRoutes = {
  generators: {
    method: 'get',
    path: '/generators',
    summary: 'Power and energy, per generator, with its meters',
    answer: list(generatorSchema.extend({ meters: z.array(meterSchema) })),
    media: json,
  },
  meters: {
    method: 'get',
    path: '/meters',
    summary: 'Every register: identity, evidence, totals and what waits for a person',
    answer: list(meterSchema),
    media: json,
  },
  siteEnergy: {
    method: 'get',
    path: '/site-energy',
    summary:
      'Generated, exported and self-consumed today, this month and this fiscal year, per site',
    answer: list(siteEnergySchema),
    media: json,
  },
  intervals: {
    method: 'get',
    path: '/intervals',
    summary: 'Energy per interval at Japan-time boundaries, oldest first',
    query: z.object({
      meter,
      ...span,
      ...purposeQuery,
      resolution: z.enum(['30m', '1h', '1d', '1mo', 'fy']).default('30m'),
      ...intervalPage,
    }),
    answer: list(energyIntervalSchema),
    media: json,
    otherMedia: ['text/csv'],
  },
  registerEvents: {
    method: 'get',
    path: '/register-events',
    summary: 'Falls, implausible rises and replacements of a register, newest first',
    query: ofMeter.extend(span).extend(purposeQuery),
    answer: list(registerEventSchema),
    media: json,
  },
  stateRegisterResolution: {
    method: 'post',
    path: '/register-events/:id/resolution',
    summary: 'Says what happened at a register event, or at a reading that shows none',
    body: registerResolutionRequestSchema,
    status: 201,
    answer: registerEventSchema,
    media: json,
  },
  meterReadings: {
    method: 'get',
    path: '/meter-readings',
    summary: 'Displays read by people, newest first, beside the metered register',
    query: ofMeter,
    answer: list(meterReadingSchema),
    media: json,
  },
  stateMeterReading: {
    method: 'post',
    path: '/meter-readings',
    summary:
      'Enters a display read by a person; as text/csv (meter,time,wh,by,photoSha256) many, all or none',
    body: meterReadingRequestSchema,
    status: 201,
    answer: meterReadingsTakenSchema,
    media: json,
  },
  corrections: {
    method: 'get',
    path: '/corrections',
    summary: 'Corrections of readings, newest first',
    query: ofMeter,
    answer: list(correctionSchema),
    media: json,
  },
  stateCorrection: {
    method: 'post',
    path: '/corrections',
    summary: 'Says what a reading should have been; the reading stays as it is stored',
    body: correctionRequestSchema,
    status: 201,
    answer: correctionSchema,
    media: json,
  },
} as const satisfies Record<string, Route>;
