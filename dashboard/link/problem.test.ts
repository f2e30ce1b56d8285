import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeProblem, readProblem } from './problem.ts';

const names = ['pressureMpa', 'arrival.pressureMpa', 'arrival.at', 'points.0', 'points.1'];
const refusal = (errors: { field: string; detail: string }[]) => ({ title: 'Bad Request', errors });

test('each error stands at its field; what belongs to none is kept', () => {
  const placed = placeProblem(
    refusal([
      { field: 'pressureMpa', detail: 'too high' },
      { field: 'pressureMpa', detail: 'and odd' },
      { field: 'arrival', detail: 'overlaps' },
      { field: 'points.1.shownMpa', detail: 'must rise' },
      { field: 'elsewhere', detail: 'unknown' },
    ]),
    names,
  );
  expect(placed).toEqual({
    atFields: {
      pressureMpa: 'too high; and odd',
      'arrival.pressureMpa': 'overlaps',
      'points.1': 'must rise',
    },
    rest: ['elsewhere: unknown'],
    rows: [],
  });
});

test('a mistake in a table keeps its place; one of a single reading stands at its field', () => {
  const table = { code: 'time-ahead', row: 3, column: 'time', told: [] } as const;
  const errors = [{ field: 'row 3: at', detail: 'late', table }];
  const told = readProblem(JSON.stringify({ title: 'Bad Request', errors }), 400);
  expect(placeProblem(told, ['table'])).toMatchObject({
    rest: [],
    rows: [table],
  });
  expect(placeProblem(told, ['wh', 'at'])).toMatchObject({ atFields: { at: 'late' }, rows: [] });
});

test('a refusal without fields is told whole', () => {
  const body = JSON.stringify({
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    detail: 'taken',
  });
  expect(placeProblem(readProblem(body, 409), names).rest).toEqual(['taken']);
  expect(placeProblem(readProblem('<html>', 502), names).rest).toEqual(['HTTP 502']);
});

test('nothing a server says makes it throw, and no error is lost', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (body, status) => void readProblem(body, status)),
  );
  const error = fc.record({ field: fc.constantFrom(...names, 'by', ''), detail: fc.uuid() });
  fc.assert(
    fc.property(fc.array(error, { minLength: 1, maxLength: 20 }), (errors) => {
      const { atFields, rest } = placeProblem(
        readProblem(JSON.stringify(refusal(errors)), 400),
        names,
      );
      const told = [...Object.values(atFields), ...rest].join(' ');
      for (const { detail } of errors) expect(told).toContain(detail);
    }),
  );
});
