import { useState } from 'preact/hooks';
import { AlarmForm } from './alarm-forms.tsx';
import { AlarmList } from './alarm-list.tsx';
import { CalibrationForm } from './calibration-form.tsx';
import { ChangeList } from './change-list.tsx';
import { CorrectionForm } from './correction-form.tsx';
import { MeterReadingForm } from './meter-reading-form.tsx';
import {
  BatchForm,
  DeliveryForm,
  DrawForm,
  GaugeForm,
  ResolutionForm,
  ReturnForm,
} from './pack-forms.tsx';
import { ReadingTableForm } from './reading-table-form.tsx';
import { RegisterEvents } from './register-events.tsx';
import { RegisterResolutionForm } from './register-resolution-form.tsx';
import { type Look, type Task, useOpenTask } from './task.ts';

interface DeskProps {
  readonly task: Exclude<Task, Look>;
  readonly gatewayNowMs: number;
  readonly close: () => void;
}

/** The form or list for a task. Times offered in it are those of when it was opened. */
export function Desk({ task, gatewayNowMs, close }: DeskProps) {
  const [nowMs] = useState(gatewayNowMs);
  const open = useOpenTask();
  switch (task.kind) {
    case 'gauge-reading':
      return <GaugeForm pack={task.pack} nowMs={nowMs} close={close} />;
    case 'delivery':
      return <DeliveryForm pack={task.pack} nowMs={nowMs} close={close} />;
    case 'swap':
      return (
        <DeliveryForm pack={task.pack} nowMs={nowMs} close={close} segmentAt={task.segmentAt} />
      );
    case 'return':
      return <ReturnForm pack={task.pack} nowMs={nowMs} close={close} delivery={task.delivery} />;
    case 'draw':
      return <DrawForm pack={task.pack} nowMs={nowMs} close={close} />;
    case 'batch':
      return <BatchForm pack={task.pack} nowMs={nowMs} close={close} />;
    case 'calibration':
      return <CalibrationForm pack={task.pack} nowMs={nowMs} close={close} />;
    case 'changes':
      return <ChangeList pack={task.pack} nowMs={nowMs} close={close} />;
    case 'resolution':
      return (
        <ResolutionForm
          pack={task.pack}
          nowMs={nowMs}
          close={close}
          segmentAt={task.segmentAt}
          toDelivery={() => open({ ...task, kind: 'swap' })}
        />
      );
    case 'acknowledge':
    case 'shelve':
    case 'unshelve':
      return (
        <AlarmForm
          act={task.kind}
          alarm={task.alarm}
          subjectName={task.subjectName}
          nowMs={nowMs}
          close={close}
        />
      );
    case 'alarm-list':
      return <AlarmList plant={task.plant} nowMs={nowMs} close={close} />;
    case 'meter-reading':
      return <MeterReadingForm meters={task.meters} nowMs={nowMs} close={close} />;
    case 'reading-table':
      return <ReadingTableForm meters={task.meters} nowMs={nowMs} close={close} />;
    case 'register-events':
      return <RegisterEvents meters={task.meters} nowMs={nowMs} close={close} />;
    case 'register-resolution':
      return (
        <RegisterResolutionForm
          meters={task.meters}
          nowMs={nowMs}
          close={close}
          event={task.event}
        />
      );
    case 'correction':
      return (
        <CorrectionForm meters={task.meters} nowMs={nowMs} close={close} reading={task.reading} />
      );
  }
}
