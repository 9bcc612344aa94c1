/** The bench of a PostgreSQL cluster: faults, and what they cost a fleet. */
@NullMarked
package dev.stowage.storage.postgres.cluster;

import org.jspecify.annotations.NullMarked;
