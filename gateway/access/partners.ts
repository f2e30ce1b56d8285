import { FailureTable, type FailureLimits } from './failures.ts';
import type { Access, Admission, Presented } from './operator.ts';
import { type FindToken, judgeToken, looksLikeToken } from './partner-token.ts';

export interface PartnerAccessParts {
  readonly find: FindToken;
  readonly clock: { wallMs(): number; monotonicMs(): number };
  readonly failureLimits?: FailureLimits;
}

/** All guesses at tokens from one address count together: a token's id is no account that could be locked out. */
const account = 'token';

/** The operator's access, which also lets in whoever presents a token that was given out; asked first, even where it is open. */
export function withPartners(operator: Access, parts: PartnerAccessParts): Access {
  const failures = new FailureTable(parts.failureLimits);
  const { find, clock } = parts;
  return {
    mode: operator.mode,
    knowsHost: (host) => operator.knowsHost(host),
    logIn: (token, from) => operator.logIn(token, from),
    logOut: (session) => operator.logOut(session),
    counts: () => {
      const { failedLogins, sessions } = operator.counts();
      return { failedLogins: failedLogins + failures.total, sessions };
    },
    admit: async (presented: Presented): Promise<Admission> => {
      const [, text = ''] = /^Bearer +(\S+)$/i.exec(presented.authorization ?? '') ?? [];
      if (!looksLikeToken(text)) return operator.admit(presented);
      const now = clock.monotonicMs();
      const waitMs = failures.waitMs(presented.from, account, now);
      if (waitMs > 0) return { kind: 'wait', waitMs };
      const verdict = judgeToken(text, find, clock.wallMs());
      if (verdict.kind === 'unknown') {
        failures.record(presented.from, account, now);
        return { kind: 'refused', why: 'wrong-credentials' };
      }
      const { token } = verdict;
      if (verdict.kind !== 'right') return { kind: 'ended', why: verdict.kind, token };
      const stillValid = () => judgeToken(text, find, clock.wallMs()).kind === 'right';
      return { kind: 'admitted', stillValid, token };
    },
  };
}
