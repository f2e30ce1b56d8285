import type { ShownProject } from '#gateway/contract';
import { decode } from '../link/decode.ts';
import { listOf, nullable, shape, text } from '../link/shape.ts';

/** What is shown of a project of small installations. */
export type ProjectTold = Pick<ShownProject, 'id' | 'name' | 'methodology'>;

const projects = shape<{ items: ProjectTold[] }>({
  items: listOf(shape<ProjectTold>({ id: text, name: nullable(text), methodology: text }), 1_000),
});

/** Undefined where it is no such list. */
export const readProjects = (body: string | undefined): readonly ProjectTold[] | undefined =>
  decode(body, projects)?.items;
