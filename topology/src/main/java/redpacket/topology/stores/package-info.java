/**
 * What {@code state} and {@code stats} share: how stores are built and named, when they are written, and how values
 * carry their version.
 *
 * <pre>
 * StateStores        names; builds a store on disk with a changelog
 *   DeferredStore    lets its user write just before each commit
 *   DecidedOffsets   how far each input is decided; skips what is read again
 *     DecidedFormat    its keys and values
 *     InputTopics      what Kafka says about the inputs (TopicsInKafka); others are refused (OtherTopicsException)
 *   WinnersKeys      which keys of the store "winners" belong to whom
 * StoreFormat        the version in front of each value
 *   StoredText       ids as bytes
 * SharedStoreMemory  one fixed amount of memory for all stores of the process
 * </pre>
 */
package redpacket.topology.stores;
