/** What the gateway may find wrong with itself, and what to do about it. */
export const problemsJa = {
  title: (count: number) => `確認が必要なこと ${count} 件`,
  say: {
    'store-failing': (error: string) =>
      `データを保存できません。測定値は計測装置側に残っています。ゲートウェイのディスクを確認してください（${error}）。`,
    'broker-away': (error: string) =>
      `MQTTブローカーに接続できません。${error === '' ? '' : `（${error}）`}`,
    'clock-not-set': (detail: string) =>
      `ゲートウェイの時計が合っていないか、急に変わりました。測定時刻の検査を止めています。${detail}`,
    'quarantine-filling': (count: string) =>
      `受け入れられない測定値が ${count} 件、隔離されています。`,
    'quarantine-full': (device: string) =>
      `${device} の隔離領域がいっぱいです。不正な測定値は計測装置側に残ります。`,
    'device-lost': (device: string) =>
      `${device} との接続が切れました。電源とネットワークを確認してください。`,
    'device-silent': (device: string) =>
      `${device} から測定値が届きません。動作と配線を確認してください。`,
    'device-offline': (device: string) =>
      `${device} は停止されました。計測するには再び起動してください。`,
    'device-disk': (device: string) =>
      `${device} のディスクに書き込めません。電源が切れると未送信の測定値が失われます。`,
    'alarm-log-failing': (error: string) =>
      `アラームを記録できません。メモリーにのみあります（${error}）。`,
    'alarm-delivery-failing': (receiver: string) => `アラームが ${receiver} に届いていません。`,
    'alarm-overflow': (count: string) =>
      `アラームが多すぎます。ほかに ${count} 件は表示していません。`,
    'device-twice': (device: string) =>
      `同じID「${device}」の計測装置が2台動いています。一方のIDを変更してください。`,
    'gateway-twice': (id: string) =>
      `同じID「${id}」のゲートウェイが2台動いています。一方のIDを変更して再起動してください。`,
    'site-held-twice': (id: string) =>
      `ゲートウェイ「${id}」も主系として動いています。アラームが二重に出ます。一方を止めるか、primary: false にしてください。`,
  },
};
