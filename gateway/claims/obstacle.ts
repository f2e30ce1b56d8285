/** What keeps a claim from being frozen: which rule, where exactly, and what to do about it. */
export interface ClaimObstacle {
  readonly what:
    | 'methodology-unconfirmed'
    | 'no-formula'
    | 'fuel-cell-settings'
    | 'project-period'
    | 'no-member'
    | 'enrolment'
    | 'register-unknown'
    | 'operation-starts'
    | 'factor-missing'
    | 'factor-provisional'
    | 'already-claimed'
    | 'not-derived'
    | 'not-sealed'
    | 'seal-broken'
    | 'reading-altered'
    | 'open-event'
    | 'negative'
    | 'not-acknowledged';
  /** Member, device, meter or register, and from when to when; +09:00, half-open. */
  readonly where: string;
  readonly detail: string;
  readonly wayOut: string;
}

/** A claim that is not frozen: everything in its way at once. */
export class ClaimRefused extends Error {
  override readonly name = 'ClaimRefused';
  readonly obstacles: readonly ClaimObstacle[];
  constructor(obstacles: readonly ClaimObstacle[]) {
    super(`the claim is not frozen:\n${obstacles.map(obstacleLine).join('\n')}`);
    this.obstacles = obstacles;
  }
}

/** A question that names something that is not there. */
export class ClaimQuestionError extends Error {
  override readonly name = 'ClaimQuestionError';
}

export function obstacleLine({ what, where, detail, wayOut }: ClaimObstacle): string {
  return `  ${what}: ${where}: ${detail}. ${wayOut}.`;
}
