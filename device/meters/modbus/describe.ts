import { type ModbusConfig, placeOf } from './config.ts';
import { findProfile, mapRegisters } from './mapping.ts';
import { uncheckedProfiles } from './profiles.ts';

/** What the Modbus part opens and reads, one line each. */
export function describeModbus({ buses, meters, profiles }: ModbusConfig): string[] {
  return [
    ...buses.map((bus) => {
      const line =
        bus.kind === 'modbus-rtu'
          ? `, ${bus.baudRate} baud, parity ${bus.parity}, ${bus.stopBits} stop bit${bus.stopBits === 1 ? '' : 's'}`
          : '';
      return `bus ${bus.id}: ${bus.kind} on ${placeOf(bus)}${line}, answers within ${bus.timeoutMs} ms`;
    }),
    ...meters.flatMap((meter) => {
      const { id, bus, unit, profile, sampleSeconds } = meter;
      const found = findProfile(profile, profiles);
      const registers = found === undefined ? [] : mapRegisters(meter, found).registers;
      const check =
        uncheckedProfiles.has(profile) && !Object.hasOwn(profiles, profile)
          ? '; check this profile against the manual'
          : '';
      return registers.map(
        ({ quantity, register: { function: code, address, type, sign } }) =>
          `${id}/${quantity}: unit ${unit} of ${bus}, ${profile}, function ${code} address 0x${address.toString(16).padStart(4, '0')} ${type}${sign === 1 ? '' : ', sign turned'}, every ${sampleSeconds} s${check}`,
      );
    }),
  ];
}
