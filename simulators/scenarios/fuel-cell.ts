import { z } from 'zod';

const share = z.number().min(0.01).max(1);

/**
 * The household's fuel cell, and where it speaks ECHONET Lite. Rated efficiencies are assumed ones of a polymer unit: 40 %
 * and 56 % of the lower heating value are 36 % and 50 % of the higher.
 */
export const fuelCellSchema = z.strictObject({
  ratedW: z.number().positive().max(10_000).default(700),
  minimumW: z.number().min(0).max(10_000).default(200),
  electricalEfficiency: share.default(0.36),
  heatEfficiency: share.default(0.5),
  tankMj: z.number().positive().max(1_000).default(20),
  startsAtWh: z.int().min(0).max(999_999_999).default(2_345_678),
  startsAtGasDm3: z.int().min(0).max(999_999_999).default(543_210),
  /** A loopback address of its own, as a node has one of its own in a house. */
  address: z.ipv4().default('127.0.0.20'),
  /** 3610 by the standard; 0 takes any free one. */
  port: z.int().min(0).max(65_535).default(0),
  serial: z.string().max(12).default('FC-000001'),
});
