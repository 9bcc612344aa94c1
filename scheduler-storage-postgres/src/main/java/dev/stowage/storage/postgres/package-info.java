/** The chunk store on PostgreSQL. */
package dev.stowage.storage.postgres;
