import type { AlarmKind, AlarmKinds } from '../model.ts';

const kind = (
  priority: AlarmKind['priority'],
  latch: boolean,
  ja: string,
  en: string,
): AlarmKind => ({ priority, latch, title: { ja, en } });

/** What operators should know about each kind. Latching ones stay until somebody has taken note of them. */
export const alarmKinds: AlarmKinds = {
  stop: kind('urgent', true, '停止圧力に達しました', 'Stop pressure reached'),
  residual: kind('urgent', true, '残圧が 1 MPa を下回りました', 'Less than 1 MPa is left'),
  'over-fill': kind('urgent', true, '充てん量が多すぎます', 'Over-filled'),
  'temperature-35': kind('caution', false, '温度が 35 ℃ に達しました', 'Temperature at 35 °C'),
  'temperature-40': kind('urgent', true, '温度が 40 ℃ に達しました', 'Temperature at 40 °C'),
  'half-mass': kind('note', false, '残量が充てん時の半分を下回りました', 'Less than half is left'),
  isolated: kind(
    'caution',
    true,
    '元弁が閉じたか、カードルが外されました',
    'Line closed or pack removed',
  ),
  'contents-changed': kind(
    'caution',
    false,
    '中身が変わりました（確認待ち）',
    'Contents changed: confirm',
  ),
  'mass-balance': kind('caution', true, '質量収支の異常', 'Mass balance anomaly'),
  'sensor-stuck': kind('caution', true, '圧力計の値が動きません', 'Pressure reading is stuck'),
  'root-valve-closed': kind(
    'caution',
    true,
    '圧力計の元弁が閉じている疑い',
    'Gauge root valve closed?',
  ),
  'cylinders-closed': kind('caution', true, '閉じた容器がある疑い', 'Closed cylinders suspected'),
  'needle-disagrees': kind(
    'caution',
    true,
    '圧力伝送器とブルドン管が一致しません',
    'Transmitter and needle disagree',
  ),
  'data-stopped': kind('urgent', true, 'データが止まっています', 'Data stopped'),
  'sensor-fault': kind('urgent', true, 'センサーの故障', 'Sensor fault'),
  'register-event': kind(
    'note',
    false,
    '積算値が不連続です（確認待ち）',
    'Register event: confirm',
  ),
  'meter-wrap': kind(
    'note',
    false,
    '積算値が設定された桁あふれ値を超えています',
    'Register above its wrap value',
  ),
  'meter-mark': kind('note', false, '計量器の検定満了が近いか、過ぎています', 'Meter mark expires'),
  'calibration-expired': kind('note', false, '校正の有効期限が切れました', 'Calibration expired'),
};
