/** The place of the chunk store on PostgreSQL; empty in this version. */
@NullMarked
package dev.stowage.storage.postgres;

import org.jspecify.annotations.NullMarked;
