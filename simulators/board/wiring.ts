/** What is wired to the board, and the port through which a world drives it. All times are simulated. */
export interface Wiring {
  /** Called once per simulated millisecond, before the CPU runs it: 0, 1, 2, ... */
  step(simulatedMs: number): void;
  /** Volts at ADS1115 input 0..3, against ground. */
  inputVolts(pin: 0 | 1 | 2 | 3): number;
  /** Whether the ADS1115 is on the bus; it may leave and come back while the board runs. */
  adcPresent(): boolean;
  /** Level of digital pin 2..13 (an S0 output pulls low for a pulse); undefined = not driven (firmware pull-up decides). */
  pinLevel(pin: number): boolean | undefined;
}
