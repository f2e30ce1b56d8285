import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What ingest counts, for `/metrics` and `/health` alike. Every drop has a counter of its own. */
export class IngestCounters {
  framesStored = 0;
  readingsStored = 0;
  framesTurnedAway = 0;
  messagesRefused = 0;
  readonly #frames: Counter;
  readonly #readings: Counter;
  readonly #turnedAway: Counter;
  readonly #refused: Counter<'reason'>;
  readonly #waiting: Gauge;
  readonly #commit: Histogram;
  readonly #failures: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.#frames = counter('kadoru_frames_committed_total', 'Frames committed and acknowledged');
    this.#readings = counter('kadoru_readings_stored_total', 'Readings that were new to the store');
    this.#turnedAway = counter(
      'kadoru_frames_turned_away_total',
      'Frames left unacknowledged because a queue or a quarantine was full; devices send them again',
    );
    this.#refused = new Counter({
      name: 'kadoru_refused_total',
      help: 'Readings, events, frames and messages refused, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.#waiting = new Gauge({
      name: 'kadoru_frames_waiting',
      help: 'Frames received and not yet committed',
      registers,
    });
    this.#commit = new Histogram({
      name: 'kadoru_commit_seconds',
      help: 'Time from handing a batch to the store until it is durable',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    this.#failures = counter('kadoru_commit_failures_total', 'Commits the store refused; retried');
  }

  stored(frames: number, readings: number, seconds: number): void {
    this.framesStored += frames;
    this.readingsStored += readings;
    this.#frames.inc(frames);
    this.#readings.inc(readings);
    this.#commit.observe(seconds);
  }

  turnedAway(frames: number): void {
    this.framesTurnedAway += frames;
    this.#turnedAway.inc(frames);
  }

  refused(reason: string): void {
    this.messagesRefused += 1;
    this.#refused.inc({ reason });
  }

  waiting(frames: number): void {
    this.#waiting.set(frames);
  }

  commitFailed(): void {
    this.#failures.inc();
  }
}
