import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Alarm, LivePlant, Meter, Pack, ShownRegisterEvent } from '#gateway/contract';
import type { ProjectTold } from '../members/project-list.ts';

/** What a person can write down about a pack, or look through, without anything having asked for it. */
export type Entry = 'gauge-reading' | 'delivery' | 'draw' | 'batch' | 'calibration' | 'changes';

/** What a person can write down about registers, or look through. */
export type MeterEntry = 'meter-reading' | 'reading-table' | 'register-events' | 'correction';

/** A reading that somebody found wrong. */
export interface WrongReading {
  readonly meter: string;
  readonly at: number;
  readonly wh: number | null;
}

type Delivery = NonNullable<Pack['delivery']>;

/** Something to look back at. */
export type HistoryLook =
  | { readonly kind: 'pack-history'; readonly pack: Pack }
  | { readonly kind: 'meter-history'; readonly meters: readonly Meter[] };

/** Something to look through, in all the room there is. */
export type Look =
  | HistoryLook
  | { readonly kind: 'day-sheet'; readonly plant: LivePlant; readonly meters: readonly Meter[] }
  | { readonly kind: 'members'; readonly projects: readonly ProjectTold[] };

const looks: readonly Task['kind'][] = ['pack-history', 'meter-history', 'day-sheet', 'members'];

export function isLook(task: Task): task is Look {
  return looks.some((kind) => kind === task.kind);
}

/** A form or list that a person opened. It keeps the picture of the moment it was opened at. */
export type Task =
  | Look
  | { readonly kind: Entry; readonly pack: Pack }
  /** The change of content before a segment; a swap goes on to a delivery that names the segment. */
  | { readonly kind: 'resolution'; readonly pack: Pack; readonly segmentAt: number }
  | { readonly kind: 'swap'; readonly pack: Pack; readonly segmentAt: number }
  /** Of the pack's present delivery. */
  | { readonly kind: 'return'; readonly pack: Pack; readonly delivery: Delivery }
  | {
      readonly kind: 'acknowledge' | 'shelve' | 'unshelve';
      readonly alarm: Alarm;
      readonly subjectName: string;
    }
  | { readonly kind: 'alarm-list'; readonly plant: LivePlant }
  | {
      readonly kind: MeterEntry;
      readonly meters: readonly Meter[];
      /** Of a correction: the reading it is about, where that is known. */
      readonly reading?: WrongReading;
    }
  | {
      readonly kind: 'register-resolution';
      readonly meters: readonly Meter[];
      readonly event: ShownRegisterEvent;
    };

/** Opens a task; provided by the page. */
export const OpenTaskContext = createContext<(task: Task) => void>(() => {});

export function useOpenTask(): (task: Task) => void {
  return useContext(OpenTaskContext);
}
