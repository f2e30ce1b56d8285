/** The device of the tests: one Uno, its ADS1115, a pack on two loops and an S0 meter on pin 2. */
export interface DeviceChanges {
  readonly mqttUrl: string;
  /** Where the board is: a serial port, or tcp://host:port. */
  readonly board: string;
  readonly packSeconds?: number;
  readonly meterSeconds?: number;
  readonly register?: { readonly wh: number; readonly asOf: string } | undefined;
}

export function deviceConfig(changes: DeviceChanges) {
  const { mqttUrl, board, packSeconds = 1, meterSeconds = 1, register } = changes;
  const loop = { kind: 'current-loop', adc: 'adc-1', shuntOhm: 150 };
  return {
    site: 'keihin',
    device: 'pi-1',
    data: './device-data',
    mqtt: { url: mqttUrl },
    clock: { trust: 'system' },
    boards: [{ id: 'uno', kind: 'firmata', port: board }],
    adcs: [{ id: 'adc-1', kind: 'ads1115', board: 'uno', address: 0x48 }],
    packs: [
      {
        id: 'pack-1',
        sampleSeconds: packSeconds,
        pressure: { ...loop, channel: 0, rangeMpa: [0, 40] },
        temperature: { ...loop, channel: 1, rangeC: [-40, 85], placement: 'wall' },
      },
    ],
    meters: [
      {
        id: 'pv-1',
        quantity: 'generated',
        kind: 'pulses',
        board: 'uno',
        pin: 2,
        pulsesPerKwh: 1000,
        sampleSeconds: meterSeconds,
        ...(register === undefined ? {} : { register }),
      },
    ],
  };
}
