import { matrix } from './matrix.ts';

matrix({ broker: 'mosquitto', store: 'embedded' }, 12);
matrix({ broker: 'mosquitto-persistent', store: 'embedded' }, 12);
