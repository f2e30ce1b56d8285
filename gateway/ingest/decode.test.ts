import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceTopic, maxMessageBytes, parseDeviceTopic } from '#device/contract';
import { decodeMessage, type DecodedFrame, futureToleranceMs } from './decode.ts';

const live: DeviceTopic = { site: 'keihin', device: 'pi-1', kind: 'live' };
const history: DeviceTopic = { ...live, kind: 'history' };
const now = 1_775_001_700_000;
const reception = { receivedAt: now, clockTrusted: true };
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const frame = (changes: object = {}) => ({
  stream: 'k3f9',
  seq: 1042,
  at: 1_775_001_600_000,
  clock: 'synced',
  readings: { 'pack-1/pressure': { value: 12.345, raw: 17123 } },
  ...changes,
});
/** The frames of a message that could be parsed. */
function frames(topic: DeviceTopic, message: unknown, at = reception): readonly DecodedFrame[] {
  const decoded = decodeMessage(topic, bytes(message), at);
  if (!decoded.ok) throw new Error(decoded.refusal.detail);
  return decoded.frames;
}
const reasons = (message: unknown) => frames(live, message)[0]?.refusals ?? [];

describe('the golden messages of the wire contract', () => {
  const folder = new URL('../../device/contract/golden/', import.meta.url);
  const golden = readdirSync(folder)
    .map(
      (file) =>
        JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
          topic: string;
          message: unknown;
        },
    )
    .flatMap(({ topic, message }) => {
      const parsed = parseDeviceTopic(topic);
      return parsed?.kind === 'live' || parsed?.kind === 'history'
        ? [{ topic, parsed, message }]
        : [];
    });

  test.each(golden)('$topic is taken whole', ({ parsed, message }) => {
    const decoded = frames(parsed, message);
    expect(decoded.length).toBeGreaterThan(0);
    expect(decoded.flatMap(({ refusals }) => refusals)).toEqual([]);
    for (const { frame: held } of decoded)
      expect(held).toMatchObject({ site: 'keihin', device: 'pi-1' });
  });

  test('there are golden messages of both kinds', () => {
    expect(golden.map(({ parsed }) => parsed.kind).toSorted()).toEqual(
      expect.arrayContaining(['history', 'live']),
    );
  });
});

test('a reading keeps everything that came with it', () => {
  const [decoded] = frames(
    live,
    frame({ readings: { 'pv-1/generated': { value: null, quality: 'bad', why: 'no-data' } } }),
  );
  expect(decoded?.readings).toEqual([
    {
      site: 'keihin',
      device: 'pi-1',
      asset: 'pv-1',
      quantity: 'generated',
      at: 1_775_001_600_000,
      value: null,
      raw: null,
      quality: 'bad',
      why: 'no-data',
      clock: 'synced',
      stream: 'k3f9',
      seq: 1042,
      receivedAt: now,
    },
  ]);
});

describe('the smallest unit is refused, with field and reason', () => {
  const readings = (id: string, reading: unknown) =>
    frame({ readings: { 'pack-1/temperature': { value: 20 }, [id]: reading } });
  test.each([
    ['unknown quantity', readings('pack-1/mood', { value: 1 }), 'readings.pack-1/mood'],
    [
      'id outside the pattern',
      readings('Pack_1/pressure', { value: 1 }),
      'readings.Pack_1/pressure',
    ],
    [
      'text for a number',
      readings('pack-1/pressure', { value: '12' }),
      'readings.pack-1/pressure.value',
    ],
    [
      'kilopascal for megapascal',
      readings('pack-1/pressure', { value: 12_345 }),
      'readings.pack-1/pressure.value',
    ],
    [
      'half a watt-hour',
      readings('pv-1/generated', { value: 0.5 }),
      'readings.pv-1/generated.value',
    ],
    [
      'a register below zero',
      readings('pv-1/generated', { value: -1 }),
      'readings.pv-1/generated.value',
    ],
    [
      'a null that claims to be good',
      readings('pack-1/pressure', { value: null }),
      'readings.pack-1/pressure.quality',
    ],
    [
      'bad without a reason',
      readings('pack-1/pressure', { value: null, quality: 'bad' }),
      'readings.pack-1/pressure.why',
    ],
  ])('%s', (_, message, path) => {
    const [decoded] = frames(live, message);
    expect(decoded?.refusals).toMatchObject([{ code: 'bad-reading', path }]);
    expect(decoded?.readings.map(({ quantity }) => quantity)).toEqual(['temperature']);
    expect(decoded?.frame).toMatchObject({ stream: 'k3f9', seq: 1042 });
  });

  test('an event of an unknown kind', () => {
    const [decoded] = frames(live, frame({ events: [{ kind: 'party' }, { kind: 'restart' }] }));
    expect(decoded?.refusals).toMatchObject([{ code: 'bad-event', path: 'events.0.kind' }]);
    expect(decoded?.events).toMatchObject([{ index: 1, event: { kind: 'restart' } }]);
  });

  test.each([
    ['no stream', frame({ stream: undefined }), 'stream'],
    ['a fractional seq', frame({ seq: 1.5 }), 'seq'],
    ['1970', frame({ at: 0 }), 'at'],
    ['an unknown clock', frame({ clock: 'sundial' }), 'clock'],
    ['nothing in it', frame({ readings: {} }), ''],
  ])('a frame with %s', (_, message, path) => {
    expect(reasons(message)).toMatchObject([{ code: 'bad-frame', path }]);
  });

  test('a refused frame whose stream and seq can be read is acknowledged under them', () => {
    expect(frames(live, frame({ at: 'noon' }))[0]?.frame).toMatchObject({
      stream: 'k3f9',
      seq: 1042,
      at: now,
    });
    expect(frames(live, frame({ seq: null }))[0]?.frame).toBeUndefined();
  });
});

test('a reading from the future is refused, unless our own clock is not trusted', () => {
  const ahead = frame({ at: now + futureToleranceMs + 1 });
  expect(reasons(ahead)).toMatchObject([{ code: 'future', path: 'at' }]);
  expect(reasons(frame({ at: now + futureToleranceMs }))).toEqual([]);
  expect(frames(live, ahead, { ...reception, clockTrusted: false })[0]?.refusals).toEqual([]);
});

test.each([
  ['not JSON', new TextEncoder().encode('{"stream":'), 'not-json'],
  ['not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'not-json'],
  ['too large', new Uint8Array(maxMessageBytes + 1).fill(0x20), 'too-large'],
  ['no frames', bytes({ frame: [] }), 'malformed'],
])('a message that is %s is refused whole', (_, message, code) => {
  expect(decodeMessage(history, message, reception)).toMatchObject({
    ok: false,
    refusal: { code },
  });
});

test('a refused frame of a history message is kept to the byte', () => {
  const text = '{"frames": [ {"stream":"k3f9","seq":1} ,\n{ "seq" : 2, "x":"é]}" } ]}';
  const decoded = decodeMessage(history, new TextEncoder().encode(text), reception);
  const kept = decoded.ok
    ? decoded.frames.map(({ bytes: content }) => new TextDecoder().decode(content()))
    : [];
  expect(kept).toEqual(['{"stream":"k3f9","seq":1}', '{ "seq" : 2, "x":"é]}" }']);
});

test('the bytes kept of each frame say what the frame said, however the message was written', () => {
  const spaces = fc.constantFrom(0, 1, '\t');
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.jsonValue(),
      spaces,
      (content, other, indent) => {
        const written = JSON.stringify(
          { before: [other], 'frames"': [other], frames: content, after: { frames: [other] } },
          null,
          indent,
        );
        const repeated = written.replace('{', '{"frames":[1,2,3],');
        const decoded = decodeMessage(history, new TextEncoder().encode(repeated), reception);
        const kept = decoded.ok
          ? decoded.frames.map(
              (item) => JSON.parse(new TextDecoder().decode(item.bytes())) as unknown,
            )
          : [];
        expect(kept).toEqual(JSON.parse(JSON.stringify(content)));
      },
    ),
  );
});

test('unknown keys are ignored', () => {
  expect(reasons(frame({ hello: { there: 1 } }))).toEqual([]);
});

describe('whatever arrives, decoding answers and never throws', () => {
  const anyTopic = fc.constantFrom(live, history);
  test('random bytes', () => {
    fc.assert(
      fc.property(anyTopic, fc.uint8Array({ maxLength: 400 }), (topic, noise) => {
        const decoded = decodeMessage(topic, noise, reception);
        if (decoded.ok) for (const item of decoded.frames) item.bytes();
      }),
    );
  });

  test('random JSON', () => {
    fc.assert(
      fc.property(anyTopic, fc.json({ maxDepth: 6 }), (topic, text) => {
        const decoded = decodeMessage(topic, new TextEncoder().encode(text), reception);
        if (decoded.ok) for (const item of decoded.frames) item.bytes();
      }),
    );
  });

  test('frames with something wrong anywhere: good readings are stored, each wrong thing has a reason', () => {
    const wrong = fc.oneof(fc.anything(), fc.constant(undefined));
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('stream', 'seq', 'at', 'clock', 'readings', 'events', '__proto__'),
          wrong,
        ),
        fc.array(fc.jsonValue(), { maxLength: 3 }),
        (changes, others) => {
          let text: string;
          try {
            text = JSON.stringify(
              { frames: [frame(changes), ...others, frame()] },
              (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
            );
          } catch {
            return; // a value that has no JSON at all cannot arrive
          }
          const decoded = decodeMessage(history, new TextEncoder().encode(text), reception);
          if (!decoded.ok) throw new Error('the envelope was sound');
          expect(decoded.frames.at(-1)?.readings).toHaveLength(1);
          for (const item of decoded.frames)
            expect(
              item.readings.length + item.events.length + item.refusals.length,
            ).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('nesting deeper than a stack', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const text of [deep, `{"frames":[${deep}]}`]) {
      const decoded = decodeMessage(history, new TextEncoder().encode(text), reception);
      if (decoded.ok)
        for (const item of decoded.frames) expect(item.bytes().byteLength).toBeGreaterThan(0);
    }
  });
});
