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
import { list, pageQuery, type Route, span } from './route.ts';

const json = 'application/json';
const start = Date.parse('2026-04-01T00:00:00+09:00');
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
const withSeals = <T extends z.ZodType>(item: T) =>
  list(item).extend({ seals: pulledSealsSchema.optional() });
const member = z.string().optional().meta({ description: 'of this member only' });

const amounts = {
  wh: 4_210_000,
  unallocatedWh: 0,
  coveredSeconds: 2_592_000,
  missingSeconds: 0,
  openEvents: 0,
};
const energy = {
  elWh: 3_158_000,
  generatedWh: 4_210_000,
  soldWh: 1_052_000,
  auxiliaryWh: 0,
  coveredSeconds: 2_592_000,
  missingSeconds: 0,
  uncounted: [],
};
const interval = {
  member: 'home-1',
  meter: 'home-1-g',
  item: 'generated',
  register: 'minato/home-1/generated',
  start,
  end: start + 1_800_000,
  wh: 640,
  unallocated: [],
  coveredSeconds: 1800,
  missingSeconds: 0,
  quality: 'good',
  revision: 1,
  openEvents: [],
};
const project = {
  id: 'minato-pv',
  name: null,
  methodology: 'EN-R-002',
  factorRule: 'all-source',
  appliedOn: '2026-04-01',
  from: '2026-04-01',
  to: '2027-03-31',
  members: 41,
  revision: 1,
};

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
    example: { items: [interval], cursor: 'p1.0f3c9a1d2b4e.1775001600000.1775001600000' },
  },
  projectReadings: {
    method: 'get',
    path: '/projects/:id/register-readings',
    summary: 'Register readings as stored, of every meter for as long as it was the member’s',
    query: z.object({
      ...purposeQuery,
      ...span,
      member,
      format: z.enum(['ndjson', 'csv']).default('ndjson'),
    }),
    answer: registerReadingSchema,
    media: 'application/x-ndjson',
    otherMedia: ['text/csv'],
    example: {
      member: 'home-1',
      meter: 'home-1-g',
      at: start,
      value: 1_234_567,
      raw: null,
      quality: 'good',
      why: null,
      clock: 'synced',
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
