import { matrix } from './matrix.ts';

matrix({ broker: 'mosquitto', store: 'influxdb' }, 12);
