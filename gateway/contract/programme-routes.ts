import { z } from 'zod';
import {
  activitySchema,
  handlingRequestSchema,
  handlingSchema,
  intervalPullSchema,
  memberCalculationSchema,
  programmeMemberSchema,
  progressSchema,
  projectSchema,
  pulledSealsSchema,
  pullSchema,
  registerReadingSchema,
} from './programme.ts';
import { amounts, energy, interval, project, start } from './programme-examples.ts';
import { list, pageQuery, type Route, span } from './route.ts';

const json = 'application/json';
const fiscalYear = z.coerce
  .number()
  .int()
  .min(2000)
  .max(2100)
  .optional()
  .meta({ description: 'the year in which it begins; this one where left out', examples: [2026] });

/** Why data of members are taken; the header `Kadoru-Purpose` says the same. */
export const purposeQuery = {
  purpose: z
    .string()
    .trim()
    .min(2)
    .max(200)
    .optional()
    .meta({
      description: 'why data of members are taken (or header Kadoru-Purpose); it is logged',
      examples: ['monitoring report 2026'],
    }),
};
const pullHeaders = {
  etag: 'weak; changes with what people state and with what was measured',
  'kadoru-cursor': 'where the next pull goes on: `since`',
};
const withSeals = <T extends z.ZodType>(item: T) =>
  list(item).extend({ seals: pulledSealsSchema.optional() });
const member = z.string().optional().meta({ description: 'of this member only' });

/** Programmes of many small installations: for the ward, the partner that files claims, and auditors. */
export const programmeRoutes = {
  projects: {
    method: 'get',
    path: '/projects',
    summary: 'Projects; with a token its own one',
    answer: list(projectSchema),
    media: json,
    example: { items: [project] },
  },
  projectProgress: {
    method: 'get',
    path: '/projects/:id/progress',
    summary: 'How far a project is in a fiscal year: sums over all members',
    query: z.object({ fiscalYear }),
    answer: progressSchema,
    media: json,
    example: {
      project: 'minato-pv',
      fiscalYear: 2026,
      at: start,
      members: { enrolled: 41, counting: 40, left: 1 },
      devices: 41,
      meters: 82,
      marksEndingSoon: 0,
      findings: { wrong: 0, warning: 2 },
      energy: { generated: amounts, sold: amounts, auxiliary: null },
    },
  },
  projectMembers: {
    method: 'get',
    path: '/projects/:id/members',
    summary: 'Members under their pseudonyms, with devices, meters and what to look at',
    query: z.object({
      ...purposeQuery,
      limit: z.coerce.number().int().min(1).max(1000).default(200),
      cursor: z.string().max(100).optional().meta({ description: '`next` of the page before' }),
    }),
    answer: list(programmeMemberSchema),
    media: json,
    example: {
      items: [
        {
          id: 'home-1',
          kind: 'household',
          appliedOn: '2026-04-01',
          admittedOn: '2026-04-10',
          leftOn: null,
          window: { from: start, to: start + 8 * 365 * 86_400_000 },
          revision: 1,
          devices: [],
          meters: [],
          findings: [],
        },
      ],
    },
  },
  projectIntervals: {
    method: 'get',
    path: '/projects/:id/intervals',
    summary:
      'Half hours of every meter inside the members’ windows; with `since` only what changed after that pull',
    query: z.object({
      ...purposeQuery,
      ...span,
      since: z.string().max(100).optional().meta({ description: '`cursor` of the pull before' }),
      member,
      format: z.enum(['json', 'csv']).default('json'),
      limit: z.coerce.number().int().min(1).max(20_000).default(2_000),
      page: z.string().max(300).optional().meta({ description: '`next` of the page before' }),
    }),
    answer: intervalPullSchema,
    media: json,
    otherMedia: ['text/csv'],
    headers: pullHeaders,
    example: { items: [interval], cursor: 'p1.0f3c9a1d2b4e.1775001600000.1775001600000' },
  },
  projectReadings: {
    method: 'get',
    path: '/projects/:id/register-readings',
    summary:
      'Register readings as stored, of every meter for as long as it was the member’s; with `since` the days whose readings came or were corrected after that pull',
    query: z.object({
      ...purposeQuery,
      ...span,
      since: z
        .string()
        .max(100)
        .optional()
        .meta({
          description: 'header `kadoru-cursor` of the pull before',
          examples: ['r1.0f3c9a1d2b4e.1775001600000.1775001600000'],
        }),
      member,
      format: z.enum(['ndjson', 'csv']).default('ndjson'),
    }),
    answer: registerReadingSchema,
    media: 'application/x-ndjson',
    otherMedia: ['text/csv'],
    headers: pullHeaders,
    example: {
      member: 'home-1',
      meter: 'home-1-g',
      at: start,
      value: 1_234_567,
      raw: null,
      quality: 'good',
      why: null,
      clock: 'synced',
      unit: 'Wh',
    },
  },
  projectActivity: {
    method: 'get',
    path: '/projects/:id/activity',
    summary: 'What each member’s registers counted in a fiscal year, inside its window',
    query: z.object({
      ...purposeQuery,
      fiscalYear,
      member,
      format: z.enum(['json', 'csv']).default('json'),
    }),
    answer: withSeals(activitySchema),
    media: json,
    otherMedia: ['text/csv'],
    example: {
      items: [
        {
          member: 'home-1',
          fiscalYear: 2026,
          from: start,
          to: start + 2_592_000_000,
          items: { generated: amounts, sold: amounts, auxiliary: null },
          energy,
        },
      ],
    },
  },
  projectCalculation: {
    method: 'get',
    path: '/projects/:id/calculation',
    summary:
      'What a claim of a fiscal year would say now: EL, factors and reductions of each member',
    query: z.object({
      ...purposeQuery,
      fiscalYear,
      member,
      format: z.enum(['json', 'csv']).default('json'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      page: z.string().max(100).optional().meta({ description: '`next` of the page before' }),
    }),
    answer: withSeals(memberCalculationSchema),
    media: json,
    otherMedia: ['text/csv'],
    example: {
      items: [
        {
          member: 'home-1',
          fiscalYear: 2026,
          from: start,
          to: start + 2_592_000_000,
          energy,
          bands: [
            {
              band: 'all',
              elWh: 3_158_000,
              factor: '0.000434',
              source: 'C_a 2021',
              baselineKg: '1370.572',
              projectKg: '0',
              reductionKg: '1370.572',
              provisional: [
                {
                  reason: 'factor-provisional',
                  detail: 'no verified published factor C_a of 2026; that of 2021 only stands in',
                },
              ],
            },
          ],
          items: { generated: amounts, sold: amounts, auxiliary: null },
          uncounted: [],
          provisional: [],
        },
      ],
    },
  },
  pulls: {
    method: 'get',
    path: '/projects/:id/pulls',
    summary: 'Who took data of members, what, when and why; newest first',
    query: pageQuery.omit({ site: true }),
    answer: list(pullSchema),
    media: json,
  },
  handlings: {
    method: 'get',
    path: '/projects/:id/handlings',
    summary: 'The ledger of handled personal information, newest first',
    query: pageQuery.omit({ site: true }),
    answer: list(handlingSchema),
    media: json,
  },
  stateHandling: {
    method: 'post',
    path: '/handlings',
    summary: 'Writes a line into the ledger of handled personal information',
    body: handlingRequestSchema,
    status: 201,
    answer: handlingSchema,
    media: json,
  },
} as const satisfies Record<string, Route>;
