/**
 * A chunk store on plain files: the worked example of {@code docs/write-a-store.md}.
 *
 * <p>A folder is one fleet. One process at a time has it open, and the operating system's lock on
 * its file {@code lock} says which. All that is durable is one {@link
 * dev.stowage.sim.filestore.Journal}: a file of records, each of which is there wholly or not at
 * all. A record is one change of the {@link dev.stowage.sim.filestore.Image}, and an image is made
 * by replaying records: what is written at run time and what is read after a crash go the same way.
 */
@NullMarked
package dev.stowage.sim.filestore;

import org.jspecify.annotations.NullMarked;
