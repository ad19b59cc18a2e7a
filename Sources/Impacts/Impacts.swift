public import SyncModel

