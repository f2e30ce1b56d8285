/** The program cannot start, and the message tells a person what to do; anything else that is thrown is a defect. */
export class StartError extends Error {
  /** 2: the command line or the configuration is wrong. 1: something on this machine is. */
  readonly exitStatus: 1 | 2;

  constructor(message: string, exitStatus: 1 | 2, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.exitStatus = exitStatus;
  }
}
