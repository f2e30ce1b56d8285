/** What sits at the far end of a USB serial cable: the simulated Uno, or something that only claims to be one. */
export interface SerialPeer {
  /** DTR, which every open of the port pulls: the board restarts. */
  reset(): void;
  /** Takes bytes from the host. */
  receive(bytes: Uint8Array): void;
  /** Delivers what the board sends until the returned function is called. Bytes nobody listens to are lost. */
  onTransmit(listener: (bytes: Uint8Array) => void): () => void;
}
