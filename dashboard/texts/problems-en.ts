import type { problemsJa } from './problems-ja.ts';

export const problemsEn: typeof problemsJa = {
  title: (count) => `${count} ${count === 1 ? 'matter needs' : 'matters need'} attention`,
  say: {
    'store-failing': (error) =>
      `Readings cannot be stored. They stay on the measuring devices. Check the gateway's disk (${error}).`,
    'broker-away': (error) =>
      `The MQTT broker cannot be reached.${error === '' ? '' : ` (${error})`}`,
    'clock-not-set': (detail) =>
      `The gateway's clock is not set, or it jumped: times are not checked. ${detail}`,
    'quarantine-filling': (count) => `${count} readings could not be taken and are in quarantine.`,
    'quarantine-full': (device) =>
      `Quarantine is full for ${device}: its unreadable readings stay on the device.`,
    'device-lost': (device) =>
      `The connection to ${device} was lost. Check its power and its network.`,
    'device-silent': (device) =>
      `${device} sends no readings. Check that it runs and what it is connected to.`,
    'device-offline': (device) => `${device} was switched off. Start it again to measure.`,
    'device-disk': (device) =>
      `The disk of ${device} cannot be written. What is not sent is lost if its power fails.`,
    'alarm-log-failing': (error) =>
      `Alarms cannot be written down and are only in memory: ${error}`,
    'alarm-delivery-failing': (receiver) => `Alarms do not reach ${receiver}`,
    'alarm-overflow': (count) => `Too many alarms: ${count} more are not shown`,
    'device-twice': (device) =>
      `Two measuring programs use the id ${device}. Give one of them an id of its own.`,
    'gateway-twice': (id) =>
      `Two gateways use the id ${id}. Give one of them an id of its own and restart it.`,
    'site-held-twice': (id) =>
      `The gateway ${id} runs as the primary as well: alarms come twice. Stop one of them, or set primary: false at one.`,
  },
};
