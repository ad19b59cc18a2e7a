"""Genlock in data-set frameworks: one module per framework, which must be installed.

`huggingface`, `ray_data`, `webdataset`, `data_juicer`, `nemo_curator`, `spark`.
"""
