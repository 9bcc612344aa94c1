/** Transactions, batches, bulk copies and time limits, and the meaning of server failures. */
@NullMarked
package dev.stowage.storage.postgres.sql;

import org.jspecify.annotations.NullMarked;
