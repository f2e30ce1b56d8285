import { energyText, fixed, japanMinute, japanMoment } from '../format.ts';
import { fetchText } from '../link/send.ts';
import { useFetched } from '../work/use-fetched.ts';
import { type AmountsTold, type ProgressTold, readProgress } from './answers.ts';
import { MemberValues } from './member-values.tsx';
import type { ProjectTold } from './project-list.ts';
import { coveredPercent } from './rows.ts';
import { progressPath } from './paths.ts';
import { useWords } from './words/words.ts';

interface ProjectSectionProps {
  readonly project: ProjectTold;
  readonly gatewayNowMs: number;
}

/** A project: sums over all members first, which tell nothing of one of them. */
export function ProjectSection({ project, gatewayNowMs }: ProjectSectionProps) {
  const words = useWords();
  const { id, name, methodology } = project;
  const progress = useFetched(async () => readProgress(await fetchText(progressPath(id))));
  return (
    <section
      class="members-project"
      aria-labelledby={`project-${id}`}
      data-testid={`project-${id}`}
    >
      <h3 id={`project-${id}`}>
        {name ?? id} <small>{words.project(name === null ? '' : id, methodology)}</small>
      </h3>
      {progress === 'loading' || progress === 'failed' ? (
        <p role="status">{progress === 'loading' ? words.loading : words.progressFailed}</p>
      ) : (
        <Whole id={id} progress={progress} gatewayNowMs={gatewayNowMs} />
      )}
      <MemberValues project={id} gatewayNowMs={gatewayNowMs} />
    </section>
  );
}

interface WholeProps {
  readonly id: string;
  readonly progress: ProgressTold;
  readonly gatewayNowMs: number;
}

function Whole({ id, progress, gatewayNowMs }: WholeProps) {
  const words = useWords();
  const { fiscalYear, at, members, devices, meters, marksEndingSoon, findings, energy } = progress;
  const count = (value: number): string => fixed(value, 0);
  return (
    <>
      <h4>{words.whole(fiscalYear, japanMoment(at, gatewayNowMs, japanMinute))}</h4>
      <dl class="work-answer" data-testid={`progress-${id}`}>
        <div>
          <dt>{words.enrolled}</dt>
          <dd>{words.people(count(members.enrolled))}</dd>
          <dd class="field-hint">{words.counting(count(members.counting), count(members.left))}</dd>
        </div>
        <div>
          <dt>{words.devices}</dt>
          <dd>{words.deviceCount(count(devices), count(meters))}</dd>
        </div>
        {energy === null ? null : (
          <>
            <Sum name={words.generated} amounts={energy.generated} />
            <Sum name={words.exported} amounts={energy.sold} />
          </>
        )}
      </dl>
      {energy === null ? <p>{words.few}</p> : null}
      {findings.wrong + findings.warning === 0 ? null : (
        <p>{words.findings(count(findings.wrong), count(findings.warning))}</p>
      )}
      {marksEndingSoon === 0 ? null : <p>{words.marks(count(marksEndingSoon))}</p>}
    </>
  );
}

interface SumProps {
  readonly name: string;
  readonly amounts: AmountsTold | null;
}

/** What all registers of an item counted inside the members' windows; unknown where none was read. */
function Sum({ name, amounts }: SumProps) {
  const words = useWords();
  if (amounts === null)
    return (
      <div>
        <dt>{name}</dt>
        <dd>{words.noMeter}</dd>
      </div>
    );
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {amounts.coveredSeconds === 0 ? (
          words.unknown
        ) : (
          <>
            <b>{energyText(amounts.wh)}</b> kWh
          </>
        )}
      </dd>
      <dd class="field-hint">{words.covered(fixed(coveredPercent(amounts), 0))}</dd>
    </div>
  );
}
