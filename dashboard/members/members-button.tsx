import { useEffect, useState } from 'preact/hooks';
import { fetchText } from '../link/send.ts';
import { useTexts } from '../texts/texts.ts';
import { useOpenTask } from '../work/task.ts';
import { projectsPath } from './paths.ts';
import { type ProjectTold, readProjects } from './project-list.ts';

/**
 * Opens the credits by member, where the gateway has projects. The list of projects tells nothing of members; it is asked
 * for once a connection. What tells of members is asked for by nobody but a person in the panel.
 */
export function MembersButton({ heard }: { readonly heard: boolean }) {
  const texts = useTexts();
  const open = useOpenTask();
  const [projects, setProjects] = useState<readonly ProjectTold[]>([]);
  useEffect(() => {
    let wanted = heard;
    if (heard)
      void fetchText(projectsPath).then((body) => {
        const read = readProjects(body);
        if (wanted && read !== undefined) setProjects(read);
      });
    return () => {
      wanted = false;
    };
  }, [heard]);
  if (projects.length === 0) return null;
  return (
    <div class="page-tools">
      <button
        type="button"
        data-testid="open-members"
        onClick={() => open({ kind: 'members', projects })}
      >
        {texts.energy.members}
      </button>
    </div>
  );
}
