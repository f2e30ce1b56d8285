/** Who may do what, over HTTP and over MQTT. */
export * from './config.ts';
export * from './listeners.ts';
export * from './mqtt.ts';
export * from './operator.ts';
export { withPartners } from './partners.ts';
export { hashPassword } from './password.ts';
export { readOperatorSecret } from './token.ts';
export { mayPublish, maySubscribe, type MqttIdentity } from './topics.ts';
