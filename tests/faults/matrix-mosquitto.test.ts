import { matrix } from './matrix.ts';

matrix('mosquitto', 12);
matrix('mosquitto-persistent', 12);
