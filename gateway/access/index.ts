/** Who may do what, over HTTP and over MQTT. */
export * from './config.ts';
export * from './listeners.ts';
export * from './mqtt.ts';
export * from './operator.ts';
export { hashPassword, PasswordError } from './password.ts';
export { readOperatorSecret, TokenError } from './token.ts';
export { mayPublish, maySubscribe, type MqttIdentity } from './topics.ts';
