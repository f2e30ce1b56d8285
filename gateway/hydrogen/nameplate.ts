/**
 * What the supply notice prints for a full pack ("up to" 26.8 kg, of which 25.1 kg may be used; section 3(3)). A lawfully
 * filled pack holds at most 20.8 kg (19.6 MPa at 35 degC), and no ambient temperature reaches these figures: they are
 * shown beside the physical mass, labelled, and feed nothing.
 */
export const noticeNameplate = { totalKg: 26.8, usableKg: 25.1, physical: false } as const;
