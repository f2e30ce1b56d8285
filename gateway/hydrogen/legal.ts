/** High Pressure Gas Safety Act: from this much stored gas other rules apply; one pack of 1,500 L is just under it. */
export const legalThresholdM3 = 300;

/**
 * Legal storage quantity Q = (10 P + 1) V in m3, P the highest filling pressure in MPa gauge (General High Pressure Gas
 * Safety Regulation, article 2). A number of the law, not the hydrogen that is there: it does not fall as a pack empties.
 */
export function legalQuantityM3(fillingPressureMpa: number, volumeM3: number): number {
  return (10 * fillingPressureMpa + 1) * volumeM3;
}
