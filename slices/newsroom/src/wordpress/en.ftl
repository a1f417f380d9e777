# wordpress
