import type { ProjectTold } from './project-list.ts';
import { ProjectSection } from './project-section.tsx';
import { useWords } from './words/words.ts';

interface MembersProps {
  readonly projects: readonly ProjectTold[];
  readonly gatewayNowMs: number;
  readonly close: () => void;
}

/** Every project as a whole, and its members for whoever may see them and says why. */
export function MembersView({ projects, gatewayNowMs, close }: MembersProps) {
  const words = useWords();
  return (
    <div class="members energy" data-testid="members">
      <div class="history-head">
        <h2>{words.title}</h2>
        <button type="button" onClick={close}>
          {words.close}
        </button>
      </div>
      {projects.map((project) => (
        <ProjectSection key={project.id} project={project} gatewayNowMs={gatewayNowMs} />
      ))}
    </div>
  );
}
