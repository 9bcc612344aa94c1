package dev.stowage.sim.tool.cli;

/** Hears how far a long piece of work has come. */
interface Progress extends AutoCloseable {
  /** Says nothing: there is no terminal. */
  Progress SILENT =
      new Progress() {
        @Override
        public void at(double share, String doing) {}

        @Override
        public void close() {}
      };

  /**
   * The work has come so far.
   *
   * @param share 0 to 1
   * @param doing what it is at, a few words
   */
  void at(double share, String doing);

  /** The work is over: the line is wiped. */
  @Override
  void close();
}
