import { expect, test } from 'vitest';
import type { DeviceTopic } from '#device/contract';
import { decodeMessage } from './decode.ts';
import { isNestedDeeper, mostLevels } from '../nesting.ts';

const topic = { site: 'keihin', device: 'pi-1' } as const;
const live: DeviceTopic = { ...topic, kind: 'live' };
const history: DeviceTopic = { ...topic, kind: 'history' };
const reception = { receivedAt: 1_775_001_700_000, clockTrusted: true };
const head = '"stream":"s","seq":1,"at":1775001600000,"clock":"synced"';
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

function decoded(to: DeviceTopic, text: string) {
  const message = decodeMessage(to, new TextEncoder().encode(text), reception);
  if (!message.ok) throw new Error(message.refusal.detail);
  return message.frames;
}

test('an event that no store could write is refused, and the rest of its frame kept', () => {
  const event = (levels: number) => `{"kind":"restart","x":${nested(levels)}}`;
  const readings = '{"pv-1/generated":{"value":5}}';
  const events = `[{"kind":"restart"},${event(100_000)},${event(mostLevels - 1)}]`;
  const [frame] = decoded(live, `{${head},"readings":${readings},"events":${events}}`);
  expect(frame?.refusals).toEqual([
    { code: 'bad-event', path: 'events.1', detail: `nested deeper than ${mostLevels} levels` },
  ]);
  expect(frame?.events.map(({ index }) => index)).toEqual([0, 2]);
  expect(frame?.readings).toHaveLength(1);
  expect(() => JSON.stringify([frame?.events, frame?.readings])).not.toThrow();
});

test('readings and frames of any depth are refused by value', () => {
  const [frame] = decoded(live, `{${head},"readings":{"pv-1/generated":${nested(100_000)}}}`);
  expect(frame?.refusals).toMatchObject([{ code: 'bad-reading' }]);
  expect(decoded(history, `{"frames":[${nested(100_000)}]}`)[0]?.refusals).toMatchObject([
    { code: 'bad-frame' },
  ]);
});

test('as many bad frames as a message holds are cut out of it in one go', () => {
  const frames = decoded(history, `{"frames":[${Array(50_000).fill('null').join()}]}`);
  expect(frames).toHaveLength(50_000);
  expect(new Set(frames.map(({ bytes }) => new TextDecoder().decode(bytes())))).toEqual(
    new Set(['null']),
  );
});

test('levels are those of arrays and objects alike', () => {
  expect(isNestedDeeper(1, 0)).toBe(false);
  expect(isNestedDeeper([], 0)).toBe(true);
  expect(isNestedDeeper({ a: [1] }, 2)).toBe(false);
  expect(isNestedDeeper([1, { a: [[]] }], 3)).toBe(true);
});
