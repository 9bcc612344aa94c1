package dev.stowage.sim.tool.cli;

/** The listener of a long piece of work. */
interface ProgressListener extends AutoCloseable {
  /** Says nothing: there is no terminal. */
  ProgressListener SILENT =
      new ProgressListener() {
        @Override
        public void at(double share, String doing) {}

        @Override
        public void close() {}
      };

  /**
   * Reports the progress of the work.
   *
   * @param share 0 to 1
   * @param doing the present activity, a few words
   */
  void at(double share, String doing);

  /** Ends the work, and wipes the line. */
  @Override
  void close();
}
