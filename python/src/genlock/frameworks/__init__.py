"""Genlock inside the frameworks that look after data sets: a module each, which needs that framework to be installed.

`huggingface`, `ray_data`, `webdataset`, `data_juicer`, `nemo_curator`, `spark`.
"""
