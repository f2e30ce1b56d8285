import type { Enrolled, Finding } from './enrolment.ts';

/**
 * One reduction is counted once (facts/jcredit.md, "Double counting"): a device has one serial, a register one meter at a
 * time, and the environmental value belongs to whoever brings it in.
 */
export function doubleCounting({ members, devices, meters }: Enrolled): Finding[] {
  return [
    ...members.flatMap(claimedElsewhere),
    ...repeatedSerials(devices, 'device'),
    ...repeatedSerials(meters, 'meter'),
    ...repeatedRegisters(meters),
  ];
}

function claimedElsewhere({
  id,
  otherSchemes,
  environmentalValueOwner,
  subsidies,
}: Enrolled['members'][number]): Finding[] {
  const wrong = (field: string, detail: string): Finding => ({
    weight: 'wrong',
    kind: 'member',
    id,
    field,
    detail,
  });
  const found: Finding[] = [];
  if (otherSchemes.length > 0)
    found.push(
      wrong(
        'otherSchemes',
        `${otherSchemes.join(', ')} counts the same reduction: enrol the member after it left there`,
      ),
    );
  if (environmentalValueOwner === 'other')
    found.push(
      wrong(
        'environmentalValueOwner',
        'the value belongs to neither member nor project: it cannot be credited here',
      ),
    );
  const taking = subsidies.filter((each) => each.takesValue).map(({ name }) => name);
  if (taking.length > 0)
    found.push(
      wrong(
        'subsidiesTakingValue',
        `${taking.join(', ')} took the environmental value: it cannot be credited here`,
      ),
    );
  return found;
}

/** Of meters, one serial may stand for several registers of one member. */
function repeatedSerials(
  all: readonly { readonly id: string; readonly serial: string; readonly member: string }[],
  kind: 'device' | 'meter',
): Finding[] {
  const first = new Map<string, (typeof all)[number]>();
  return all.flatMap((each) => {
    const serial = each.serial.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();
    const before = first.get(serial) ?? each;
    first.set(serial, before);
    if (before === each || (kind === 'meter' && before.member === each.member)) return [];
    const detail = `is that of ${before.id} (member ${before.member}): one ${kind} counts once; if they are two, write the maker before the serial`;
    return [{ weight: 'wrong', kind, id: each.id, field: 'serial', detail } as const];
  });
}

/** A register is what one meter shows, and of one item, at a time. */
function repeatedRegisters(meters: Enrolled['meters']): Finding[] {
  const byRegister = new Map<string, Enrolled['meters'][number][]>();
  return meters.flatMap((meter) => {
    const others = byRegister.get(meter.register) ?? [];
    byRegister.set(meter.register, [...others, meter]);
    const other = others.find((each) => overlap(each, meter));
    if (other === undefined) return [];
    const detail = `is that of ${other.id} in the same time: say from when to when each of them was there`;
    return [{ weight: 'wrong', kind: 'meter', id: meter.id, field: 'register', detail } as const];
  });
}

type Time = { readonly from: string; readonly to?: string | undefined };

function overlap(a: Time, b: Time): boolean {
  const last = '9999-12-31';
  return a.from < (b.to ?? last) && b.from < (a.to ?? last);
}
