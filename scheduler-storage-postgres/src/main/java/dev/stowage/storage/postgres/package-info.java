/** The chunk store on PostgreSQL. */
@NullMarked
package dev.stowage.storage.postgres;

import org.jspecify.annotations.NullMarked;
