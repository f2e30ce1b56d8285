import { useState } from 'preact/hooks';
import type { SignInAnswer } from '../link/browser.ts';
import { useTexts } from '../texts/texts.ts';

type Attempt = 'none' | 'busy' | Exclude<SignInAnswer, 'signed-in'>;

interface SignInProps {
  readonly signIn: (token: string) => Promise<SignInAnswer>;
}

/** Asks for the operator's token. It is sent once and kept nowhere. */
export function SignIn({ signIn }: SignInProps) {
  const texts = useTexts().signIn;
  const [token, setToken] = useState('');
  const [attempt, setAttempt] = useState<Attempt>('none');

  async function submit(): Promise<void> {
    setAttempt('busy');
    const answer = await signIn(token);
    setToken('');
    setAttempt(answer === 'signed-in' ? 'none' : answer);
  }

  return (
    <form
      class="panel sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>{texts.title}</h2>
      <p>{texts.explain}</p>
      <label for="token">{texts.token}</label>
      <input
        id="token"
        type="password"
        autocomplete="current-password"
        required
        value={token}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <button type="submit" disabled={attempt === 'busy'}>
        {texts.submit}
      </button>
      <p class="sign-in-answer" role="status">
        {attempt === 'none' ? '' : texts[attempt]}
      </p>
    </form>
  );
}
