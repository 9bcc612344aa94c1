/** The PostgreSQL store at scale, on an embedded server that syncs to disk. */
@NullMarked
package dev.stowage.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
