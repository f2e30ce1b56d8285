/** Two bodies in a row, gas in its wall and wall in the air: heat capacities, couplings, and heat from elsewhere. */
export interface HeatPath {
  readonly gasJPerK: number;
  readonly wallJPerK: number;
  readonly gasToWallWPerK: number;
  readonly wallToAirWPerK: number;
  readonly intoGasW: number;
  readonly intoWallW: number;
}

export interface Temperatures {
  readonly gasC: number;
  readonly wallC: number;
}

/**
 * Temperatures after `dtSeconds` of constant air and heat: the exact solution of the two linear equations (the matrix
 * exponential by its two real eigenvalues), so that no length of step is unstable. All heat capacities and couplings are
 * above 0.
 */
export function relax(
  from: Temperatures,
  airC: number,
  dtSeconds: number,
  path: HeatPath,
): Temperatures {
  const gasRate = path.gasToWallWPerK / path.gasJPerK;
  const wallRate = path.gasToWallWPerK / path.wallJPerK;
  const airRate = path.wallToAirWPerK / path.wallJPerK;
  // Where both would come to rest.
  const restWallC = airC + (path.intoWallW + path.intoGasW) / path.wallToAirWPerK;
  const restGasC = restWallC + path.intoGasW / path.gasToWallWPerK;
  const gas = from.gasC - restGasC;
  const wall = from.wallC - restWallC;
  const middle = -(gasRate + wallRate + airRate) / 2;
  const half = Math.hypot((gasRate - wallRate - airRate) / 2, Math.sqrt(gasRate * wallRate));
  const slow = Math.exp((middle + half) * dtSeconds);
  const fast = Math.exp((middle - half) * dtSeconds);
  const even = (slow + fast) / 2;
  const odd = (slow - fast) / (2 * half);
  const pull = (gasRate - wallRate - airRate) / 2;
  return {
    gasC: restGasC + even * gas + odd * (gasRate * wall - pull * gas),
    wallC: restWallC + even * wall + odd * (wallRate * gas + pull * wall),
  };
}
