import { root } from '../link/paths.ts';

export const projectsPath = `${root}/projects`;

export const progressPath = (project: string): string =>
  `${projectsPath}/${encodeURIComponent(project)}/progress`;

/** `page` is the `next` of the page before. */
export function calculationPath(project: string, limit: number, page?: string): string {
  const query = new URLSearchParams({ limit: String(limit), ...(page !== undefined && { page }) });
  return `${projectsPath}/${encodeURIComponent(project)}/calculation?${query.toString()}`;
}
