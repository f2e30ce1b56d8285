import { StartError } from '../../start-error.ts';
import { spoolVersion } from './segment.ts';

/** A file of the spool comes from a newer program: nothing is read, freed or overwritten. */
export class NewerSpool extends StartError {
  constructor(path: string, version: number) {
    super(
      `${path} is of spool version ${version}, and this program knows version ${spoolVersion}. ` +
        'Run the newer program until it has sent everything, or move the folder away to start with an empty one.',
      1,
    );
    this.name = 'NewerSpool';
  }
}
