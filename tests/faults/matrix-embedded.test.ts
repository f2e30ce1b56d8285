import { matrix } from './matrix.ts';

matrix({ broker: 'embedded', store: 'embedded' }, 21);
